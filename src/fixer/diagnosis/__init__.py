"""From a failure to its explanation: causes, evidence, people."""
