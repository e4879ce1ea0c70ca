"""A believable season to try the product with. Its visits come in through the devices' own API.

`calendar` lays the season around today, `season` gives its CSV files, `rota` who visits whom, `visits` fills in what
was found, `pictures` and `tones` make its evidence, `history` and `seeded_folder` have it arrive as from a phone.
"""
