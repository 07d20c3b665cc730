"""How tools and packages come into a project's environment: one file an ecosystem."""
