"""Alembic's entry: runs migrations on the connection it is given, in that connection's transaction."""

from alembic import context

from models import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata, compare_type=True)
context.run_migrations()
