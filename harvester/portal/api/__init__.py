"""The read API, version 1."""

from fastapi import APIRouter, Depends

from harvester.portal.api import catalogue, events, links, regions, services, situations
from harvester.portal.api.known import refuse_unknown
from harvester.portal.api.problems import PROBLEMS

router = APIRouter(prefix="/api/v1", responses=PROBLEMS, dependencies=[Depends(refuse_unknown)])
for part in (catalogue, services, situations, regions, links, events):
    router.include_router(part.router)
