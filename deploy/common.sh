# Sourced by the scripts that build: how many compilers at once, and one line that shows how far they are.

# A file that includes Beast takes up to 2.5 GB under the sanitizers.
jobs_here() {
    local memory
    memory=$(awk '/MemAvailable/ {print int($2 / 2621440)}' /proc/meminfo)
    echo "${JOBS:-$((memory < 1 ? 1 : memory < $(nproc) ? memory : $(nproc)))}"
}

# build PRESET LOG [TARGET]…: configures and builds. All output goes to LOG, its end is shown on failure.
build() {
    local preset=$1 log=$2 targets=()
    shift 2
    (($#)) && targets=(--target "$@")
    mkdir -p "$(dirname "$log")"
    cmake --preset "$preset" >"$log" 2>&1 || { tail -n 40 "$log" >&2; return 1; }
    ln -sf "build/$preset/compile_commands.json" compile_commands.json
    NINJA_STATUS='%p %f/%t ' cmake --build --preset "$preset" -j "$(jobs_here)" "${targets[@]}" 2>&1 | tee -a "$log" | show_progress "$preset" ||
        { tail -n 60 "$log" >&2; return 1; }
}

# On a terminal one line that is written over, else one for each tenth of the way.
show_progress() {
    local terminal=0
    [[ -t 1 ]] && terminal=1
    awk -v terminal=$terminal -v preset="$1" '
        /^ *[0-9]+% / {
            match($0, /[0-9]+/)
            percent = substr($0, RSTART, RLENGTH) + 0
            if (terminal) printf "\r\033[Kbuilding (%s) %3d %%  %s", preset, percent, $2
            else if (percent >= next_line) { printf "building (%s) %3d %%  %s\n", preset, percent, $2; next_line = percent - percent % 10 + 10 }
            fflush()
        }
        END { if (terminal) printf "\r\033[K" }'
}
