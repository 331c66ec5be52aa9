"""Expression languages: IR to text. They know nothing of engines.

`cel` prints CEL, with `cel_syntax` (pieces and precedence), `cel_reads` (guarded reads), `cel_names` (variables),
`cel_text` (values in messages) and `cel_layout` (lines). `rego` prints modules, with `rego_body` (rules and their bodies) and
`rego_library` (the helpers of `rego_helpers.rego` that a module needs). `jsonschema` prints schemas, with the `schema_*`
modules. `messages`, `scopes` and `digits` serve several.
"""
