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

known="$(cargo +nightly fuzz list --fuzz-dir .)"
targets=("$@")
(($#)) || mapfile -t targets <<<"$known"
for target in "${targets[@]}"; do
    grep -qx -e "$target" <<<"$known" || { echo "there is no target $target, but these:" $known >&2; exit 2; }
done
# all of them before the first runs: a target that does not build is no crash
cargo +nightly fuzz build --fuzz-dir .

found="${CARGO_TARGET_DIR:-$PWD/target}/found"
for target in "${targets[@]}"; do
    mkdir -p "$found/$target" "corpus/$target"
    printf '=== %s: %s seconds\n' "$target" "$seconds"
    log="$found/$target.log"
    # inputs up to a frame; more than 10 seconds or 128 MiB at once for any of them is a fault as well
    status=0
    cargo +nightly fuzz run --fuzz-dir . "$target" "$found/$target" "corpus/$target" -- \
        -max_total_time="$seconds" -max_len=65536 -len_control=20 -dict=words.dict \
        -timeout=10 -rss_limit_mb=2048 -malloc_limit_mb=128 >"$log" 2>&1 || status=$?
    if ((status)); then
        grep -aE -A 2 'panicked at|== ?ERROR|^SUMMARY|^error' "$log" >&2 || tail -n 40 "$log" >&2
        echo "$target ended with $status (above 128: stopped from outside); all that was said: $log" >&2
        echo "a crash once more, in fuzz/: cargo +nightly fuzz run --fuzz-dir . $target artifacts/$target/INPUT" >&2
        exit 1
    fi
    grep -a DONE "$log"
done
printf '%s targets, %s seconds each: no crash\n' "${#targets[@]}" "$seconds"
