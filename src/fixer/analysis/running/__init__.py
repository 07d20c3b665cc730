"""What every ecosystem's tools run with: the folders of a project, its state, and commands run as the user's own."""
