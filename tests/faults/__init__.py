"""The fault suite: the whole house as processes, broken on purpose, and an auditor that counts what came of it."""
