"""Link checking: observe (effects), classify (pure), reduce (pure), keep.

A link is called dead only on evidence over time. ``docs/links.md`` tells operators and maintainers what that means.
"""
