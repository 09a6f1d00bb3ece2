"""Places: municipalities as the law names them, neighbourhoods inside them, regions across them, and how far apart they are.

Words: gemeente (GM0796), wijk or buurt (WK…, BU…), regio, hemelsbreed. Verbs: load_municipalities, rename_municipality,
add_neighbourhood, change_neighbourhood, add_region, change_region. A place keeps its former names, so that who searches by an old
name finds the new one. Start in rules.py; `distance.py` knows kilometres in Python and in SQL, `data/` holds the package data.
"""
