"""The schema's history. `bot.schema` runs it."""
