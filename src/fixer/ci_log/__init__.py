"""What all CI logs share: bytes to clean lines, lines to steps, a build machine's paths to a repository's."""
