#!/bin/sh
# Keeps a mistake out of the history. Use it with: git config core.hooksPath hooks
set -e
cd "$(dirname "$0")/.."
ml-connector lint --deny warnings
ml-connector fmt --check
ml-connector test
