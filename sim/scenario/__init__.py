"""What a user writes: the schema, its reading and checking, and the accounts and links it stands for."""
