"""Law as dated data: which value was in force, until when something is due. Pure; every layer may ask."""
