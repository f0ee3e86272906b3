#!/bin/sh
# How the fonts in this directory were made: from Debian's fonts-noto-core
# (20201225) and other packages with pyftsubset (fonttools), without hinting, which neither PDF
# outlines nor the anti-aliased PNG use.
#   apt-get install fonts-noto-core fonts-droid-fallback fonts-nanum fonttools && ./subset.sh
set -eu
cd "$(dirname "$0")"
noto=/usr/share/fonts/truetype/noto
common='--no-hinting --notdef-outline --name-IDs=0,1,2,3,4,5,6,13,14'
# Latin, Greek, Cyrillic, punctuation, currency signs, arrows, mathematics, shapes
latin='U+0000,U+0009,U+000A,U+000D,U+0020-052F,U+1E00-1FFF,U+2000-22FF,U+A720-A7FF,U+FB00-FB06,U+FEFF,U+FFFC,U+FFFD'
for weight in Regular Bold; do
	pyftsubset $noto/NotoSans-$weight.ttf $common --unicodes="$latin" \
		--layout-features='ccmp,locl,mark,mkmk,kern,liga' --output-file=NotoSans-$weight.ttf
	pyftsubset $noto/NotoSansArabic-$weight.ttf $common --unicodes='*' \
		--layout-features='ccmp,locl,mark,mkmk,kern,liga,init,medi,fina,isol,rlig,calt,curs,rclt' --output-file=NotoSansArabic-$weight.ttf
	for script in Hebrew Devanagari; do
		pyftsubset $noto/NotoSans$script-$weight.ttf $common --unicodes='*' --layout-features='*' --output-file=NotoSans$script-$weight.ttf
	done
done
# The currency signs that live in their scripts' blocks: taka and baht.
pyftsubset $noto/NotoSansBengali-Regular.ttf $common --unicodes='U+09F2-09F3' --layout-features='' --output-file=NotoSansTaka-Regular.ttf
pyftsubset $noto/NotoSansThai-Regular.ttf $common --unicodes='U+0E3F' --layout-features='' --output-file=NotoSansBaht-Regular.ttf
# What product names borrow from mathematics and from symbols: ≤ ≥ → √ ∞ ■ ● ★ ✓ ♥.
pyftsubset $noto/NotoSansMath-Regular.ttf $common --unicodes='U+2190-2199,U+21D0-21D5,U+2200-222B,U+2248,U+2260-2265,U+22C5' --layout-features='' --output-file=NotoSansMath-Regular.ttf
pyftsubset $noto/NotoSansSymbols2-Regular.ttf $common --unicodes='U+25A0-25FF,U+2605-2606,U+2660-2667,U+2713-2718' --layout-features='' --output-file=NotoSansSymbols2-Regular.ttf
# Chinese and Japanese, from Debian's fonts-droid-fallback (6.0.1r16, Apache License 2.0).
pyftsubset /usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf $common --layout-features='ccmp,locl' \
	--unicodes='U+1100-11FF,U+2E80-9FFF,U+AC00-D7AF,U+F900-FAFF,U+FE30-FE4F,U+FF00-FFEF' --output-file=DroidSansFallback-Regular.ttf
# Korean, from Debian's fonts-nanum (20200506); its name is reserved, so what was changed does not bear it.
pyftsubset /usr/share/fonts/truetype/nanum/NanumGothic.ttf $common --obfuscate-names --layout-features='ccmp,locl,ljmo,vjmo,tjmo' \
	--unicodes='U+1100-11FF,U+3130-318F,U+AC00-D7AF,U+FFA0-FFDC' --output-file=Hangul-Regular.ttf
