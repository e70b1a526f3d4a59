"""When sources are due, and what may begin now. Imports no Scrapy: the service that waits for months stays small."""
