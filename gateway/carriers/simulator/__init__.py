"""A stand-in for Africa's Talking: its send API, its callbacks, its USSD sessions, and faults on demand.

It runs as a process of its own (`python -m gateway.carriers.simulator`), needs the standard library only and knows
nothing of the gateway but the address of its hooks. So the adapter and the hooks speak to it exactly as they speak to
the real carrier. `control.py` lists what a test or the handset page can ask of it.
"""
