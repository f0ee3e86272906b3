package secret

import "regexp"

// redactions find what looks like a credential in a text.
var redactions = []struct {
	re *regexp.Regexp
	to string
}{
	{regexp.MustCompile(`\b(sh[a-z]_[0-9]+_)[A-Za-z0-9_-]{6,}`), "$1***"},
	{regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*)?`), "eyJ***"},
	{regexp.MustCompile(`(?i)\b(bearer|basic|zoho-oauthtoken)\s+[A-Za-z0-9._~+/=-]{8,}`), "$1 ***"},
	{regexp.MustCompile(`(://[^/\s:@]*:)[^@/\s]+@`), "$1***@"},
	{regexp.MustCompile(`(?i)("?\b\w*(?:password|passwd|secret|token|apikey|api_key|authtoken|signature|grant_code)"?\s*[=:]\s*"?)[^\s"&,;})]{3,}`), "$1***"},
}

// Redact takes what looks like a credential out of a text, for logs: tokens of
// ours, JWTs, Authorization values, passwords in addresses and in fields.
func Redact(s string) string {
	for _, r := range redactions {
		s = r.re.ReplaceAllString(s, r.to)
	}
	return s
}
