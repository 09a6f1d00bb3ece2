"""Calendar: what the agenda of a phone or a laptop reads from TrainHub.

Words: agenda, uitnodiging, gewijzigd, geannuleerd. `text.py` writes RFC 5545: values in, bytes out,
without tables; `timezone.py` holds the one time zone and says which times may stand in a calendar.
Start in text.py.
"""
