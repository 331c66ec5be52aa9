"""JSON Schemas of everything that targets emit, with misspelt fields rejected."""
