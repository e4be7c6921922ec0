#!/usr/bin/env bash
# The image's steps where no container engine is: makes it in a clean folder with the same script, starts it with the Dockerfile's
# own command over a folder that cannot be written to, and waits for the Dockerfile's own health check.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
process=
end() {
  [ -z "$process" ] || kill "$process" 2>/dev/null || true
  chmod -R u+w "$folder" && rm -rf "$folder"
}
trap end EXIT
mkdir "$folder/sources" "$folder/gatehouse" "$folder/data"
git ls-files -z | xargs -0 cp --parents --target-directory "$folder/sources"
npm_config_prefer_offline=true "$folder/sources/deploy/image/build.sh" "$folder/sources" "$folder/gatehouse" >"$folder/log" 2>&1 ||
  { cat "$folder/log" >&2; exit 1; }
rm -rf "$folder/sources"

# The strings of an instruction of the Dockerfile, a line each.
words() {
  node -e 'const [line] = require("fs").readFileSync("Dockerfile", "utf8").split("\n").filter((each) => each.startsWith(process.argv[1]));
for (const word of JSON.parse(line.slice(line.indexOf("[")))) console.log(word);' "$1"
}
mapfile -t command < <(words CMD)
mapfile -t health < <(words HEALTHCHECK)

chmod -R a-w "$folder/gatehouse"
cd "$folder/gatehouse"
export NODE_ENV=production HOST=127.0.0.1 DATABASE_URL="file:$folder/data/gatehouse.db" APP_ID=1
export PORT=$((20000 + RANDOM % 20000))
WEBHOOK_SECRET=$(node -p 'require("crypto").randomBytes(32).toString("hex")')
PRIVATE_KEY=$(node -p 'require("crypto").generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" })')
export WEBHOOK_SECRET PRIVATE_KEY
"${command[@]}" >"$folder/log" 2>&1 &
process=$!
for _ in $(seq 60); do
  if "${health[@]}"; then healthy=yes && break; fi
  kill -0 "$process" 2>/dev/null || break
  sleep 0.5
done
[ "${healthy:-no}" = yes ] || { cat "$folder/log" >&2; exit 1; }
node_modules/.bin/gatehouse schema >/dev/null
npx --no -- gatehouse schema >/dev/null
kill "$process" && wait "$process"
process=
printf 'the image is made, starts, is healthy and stops: %s\n' "$(du -sh --apparent-size . | cut -f1)"
