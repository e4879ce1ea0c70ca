"""Several editions in one server: a root of data folders, an application of its own for each, and the door before them.

`folders` knows which there are, `beginning` makes the next one, `carrying` brings results into it once they are out,
`front` opens all of them and lets each answer at `/e/NAME/`. No table holds two editions.
"""
