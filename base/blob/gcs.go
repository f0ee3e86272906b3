//go:build gcs

package blob

import _ "gocloud.dev/blob/gcsblob" // gs:// addresses; it doubles the program
