# A gateway and its upstream on this machine, for the demo and the client tests. Sourced by bash scripts, which set
#   VOICEGATE, SIMULATOR   the two programs
#   STAND                  the directory for keys, configuration and logs
# and call what they need in this order: make_keys, start_simulator, write_config, start_gateway.
# Everything that was started ends with the script.

started=()

stand_fail() { echo "$*" >&2; exit 1; }

# Ends only what start_process started, newest first, and waits for it.
end_processes() {
    local i pid
    for ((i = ${#started[@]} - 1; i >= 0; i--)); do
        pid=${started[i]}
        kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true
    done
    started=()
}
trap end_processes EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# start_process NAME COMMAND…: runs it, waits for its first line and leaves that in `ready`. Its standard error goes to
# STAND/NAME.log. What it writes later stays in the pipe, so it must not write much.
start_process() {
    local name=$1 pipe=$STAND/$1.out in
    shift
    rm -f "$pipe"
    mkfifo "$pipe"
    "$@" >"$pipe" 2>"$STAND/$name.log" &
    started+=($!)
    exec {in}<"$pipe"
    rm -f "$pipe"
    read -r -t 30 -u "$in" ready || { cat "$STAND/$name.log" >&2; stand_fail "$name did not start."; }
}

# port_in KEY: the number behind KEY= in the last ready line.
port_in() { sed -n "s/.*\b$1=\([0-9]*\).*/\1/p" <<<"$ready"; }

# Certificates for localhost, the keys that seal tokens, and a server key called "app" for POST /access-token.
make_keys() {
    mkdir -p "$STAND"
    local quiet=$STAND/keys.log
    [[ -f $STAND/certs/localhost.pem ]] || "$VOICEGATE" certs dev "$STAND/certs" 2>"$quiet" || { cat "$quiet" >&2; exit 1; }
    [[ -f $STAND/tokens.json ]] || "$VOICEGATE" keygen tokens "$STAND/tokens.json" 2>"$quiet" || { cat "$quiet" >&2; exit 1; }
    if [[ ! -f $STAND/server.key || ! -f $STAND/server.json ]]; then
        local lines
        mapfile -t lines < <("$VOICEGATE" keygen server app 2>"$quiet")
        ((${#lines[@]} == 2)) || { cat "$quiet" >&2; exit 1; }
        (umask 077 && echo "${lines[0]}" >"$STAND/server.key")
        echo "${lines[1]}" >"$STAND/server.json"
    fi
    (umask 077 && echo sk_car_simulator >"$STAND/api.key")
}

# Leaves `upstream`, the configuration's object of that name.
start_simulator() {
    start_process cartesia-sim "$SIMULATOR" --cert "$STAND/certs/localhost.pem" --key "$STAND/certs/localhost.key" \
        --api-key-file "$STAND/api.key" "$@"
    upstream='{"url": "https://localhost:'$(port_in https)'", "ca_file": "certs/ca.pem", "api_key": {"file": "api.key"}}'
}

# write_config HTTPS HTTP ADMIN [TOKENS [MORE]]: STAND/voicegate.json; TOKENS is added to the "tokens" object, MORE beside it.
write_config() {
    cat >"$STAND/voicegate.json" <<END
{
    "listen": {"https": ["127.0.0.1:$1"], "http": ["127.0.0.1:$2"], "admin": "127.0.0.1:$3"},
    "threads": 2,
    "tls": {"certificates": [{"chain": "certs/localhost.pem", "key": "certs/localhost.key"}]},
    "upstream": $upstream,
    "tokens": {"key_file": "tokens.json", "server_keys": [$(<"$STAND/server.json")]${4:+, $4}},${5:+
    $5,}
    "log": {"access": "access.log"}
}
END
}

# Leaves the ports in `https`, `http` and `admin`.
start_gateway() {
    start_process voicegate "$VOICEGATE" serve --config "$STAND/voicegate.json" --print-ports
    https=$(port_in https) http=$(port_in http) admin=$(port_in admin)
}
