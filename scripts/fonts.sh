#!/usr/bin/env bash
# Makes core/formats/pdf/fonts/*.ts from the Inter family: the scripts of our buyers' names, tabular figures, nothing else.
# Needs npm, python3 and fonttools (Debian: apt-get install fonttools). The result is committed; run it only to change it.
set -euo pipefail
work=$(mktemp -d)
out=$(cd "$(dirname "$0")/../core/formats/pdf/fonts" && pwd)
(cd "$work" && npm pack --silent @expo-google-fonts/inter@0.4.2 >/dev/null && tar xzf ./*.tgz)
unicodes="U+0020-007E,U+00A0-024F,U+0259,U+02C6,U+02C7,U+02D8-02DD,U+0370-03FF,U+0400-045F,U+0490,U+0491,U+1E80-1E85"
unicodes="$unicodes,U+1E9E,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+2030,U+2032,U+2033,U+2039,U+203A,U+2044"
unicodes="$unicodes,U+20A0-20BF,U+2116,U+2122,U+2190-2193,U+2212,U+FFFD"
for pair in regular:400Regular semibold:600SemiBold; do
  name=${pair%%:*} weight=${pair##*:}
  /usr/bin/python3 -m fontTools.subset "$work/package/$weight/Inter_$weight.ttf" --unicodes="$unicodes" \
    --layout-features='tnum' --glyph-names --no-hinting --name-IDs='0,1,2,3,4,5,6,13,14' --output-file="$work/$name.ttf"
  /usr/bin/python3 - "$work/$name.ttf" "$name" >"$out/$name.ts" <<'PY'
import base64, io, sys, zlib
from fontTools.ttLib import TTFont
font = TTFont(sys.argv[1])
# Digits become the tabular ones for good: figures stand under each other, and no feature has to be asked for.
singles = {}
for lookup in font["GSUB"].table.LookupList.Lookup:
    for sub in lookup.SubTable:
        singles.update(getattr(sub, "mapping", {}))
for table in font["cmap"].tables:
    for code in range(0x30, 0x3A):
        table.cmap[code] = singles.get(table.cmap[code], table.cmap[code])
del font["GSUB"]
out = io.BytesIO()
font.save(out)
deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
data = deflate.compress(out.getvalue()) + deflate.flush()
print(f"// Inter, {sys.argv[2]}: Latin, Greek and Cyrillic, made by scripts/fonts.sh; SIL Open Font License 1.1 (LICENSE.txt).")
print("// A TrueType file, deflated, in base64: code and font are bundled alike, wherever the bundle runs.")
print(f'export const {sys.argv[2]} =\n  "{base64.b64encode(data).decode()}";')
PY
done
