"""Courses: what is taught, what one must be able to do, what one must show; in versions that freeze.

Words: cursus, trainingsopzet, versie, module, dagdeel, competentie, eis. Verbs: create_course, add_module, add_competence,
add_requirement, publish, copy, retire. Every requirement is data: a kind and its params, judged in rules.py. Start there.
"""
