"""What a change of rules means: for which objects a verdict changes, shown by proof or by such an object."""
