#!/usr/bin/env bash
# Runs every fuzz target in turn: fuzz/run.sh [SECONDS per target, 60] [TARGET...]
# Begins with the committed corpus, writes what it finds beside the build, and ends with 1 at the first crash.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

seconds="${1:-60}"
[[ "$seconds" =~ ^[1-9][0-9]*$ ]] || { echo "usage: fuzz/run.sh [SECONDS] [TARGET...]" >&2; exit 2; }
shift || true

if ! cargo +nightly --version >/dev/null 2>&1; then
    echo "fuzzing needs a nightly Rust, whose compiler instruments the code: rustup toolchain install nightly" >&2
    exit 2
fi
if ! cargo +nightly fuzz --version >/dev/null 2>&1; then
    echo "fuzzing needs cargo-fuzz: cargo install --locked cargo-fuzz" >&2
    exit 2
fi

found="${CARGO_TARGET_DIR:-$PWD/target}/found"
mapfile -t targets < <(if (($#)); then printf '%s\n' "$@"; else cargo +nightly fuzz list --fuzz-dir .; fi)
cargo +nightly fuzz build --fuzz-dir .
for target in "${targets[@]}"; do
    mkdir -p "$found/$target" "corpus/$target"
    printf '\n=== %s: %s seconds\n' "$target" "$seconds"
    cargo +nightly fuzz run --fuzz-dir . "$target" "$found/$target" "corpus/$target" -- \
        -max_total_time="$seconds" -max_len=65536 -len_control=20 -timeout=10 -rss_limit_mb=2048 -dict=words.dict \
        -print_final_stats=1 -verbosity=0
done
printf '\n%s targets, %s seconds each: no crash\n' "${#targets[@]}" "$seconds"
