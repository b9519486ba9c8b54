# Names for what is typed often. The truth is in .ci/test.

# everything that must hold before a change is merged
ci:
    bash .ci/run

# the fast loop
check:
    cargo fmt
    cargo clippy --all-targets --locked -- -D warnings

# one room or one test: `just test project::`
test name="":
    cargo test --locked {{name}}

# the whole line on sample data
demo:
    cargo run -- demo

# generated files: JSON Schemas
schemas:
    cargo run --locked -- schema --write schemas

# licences, sources and known vulnerabilities of what we depend on
deny:
    bash .ci/deny
