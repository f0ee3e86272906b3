// Package blob keeps files by key: in a directory, in an S3 bucket, or, in a
// program built with the tag gcs, in Google Cloud Storage.
package blob

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/s3blob" // s3:// addresses
	"gocloud.dev/gcerrors"

	"storehouse/base/fault"
)

// A Bucket holds files. It is safe for concurrent use.
type Bucket struct{ b *blob.Bucket }

// Open opens a bucket: a directory, made if need be, or an address
// ("s3://bucket?region=eu-west-1", "gs://bucket"), whose credentials come from
// the environment as that service's own tools read them.
func Open(ctx context.Context, where string) (*Bucket, error) {
	if scheme, _, ok := strings.Cut(where, "://"); ok {
		if !blob.DefaultURLMux().ValidBucketScheme(scheme) {
			return nil, fmt.Errorf("files at %s:// are not supported by this program (for gs:// it is built with -tags gcs)", scheme)
		}
		b, err := blob.OpenBucket(ctx, where)
		if err != nil {
			return nil, fmt.Errorf("open the files: %w", err)
		}
		return &Bucket{b}, nil
	}
	dir, err := filepath.Abs(where)
	if err != nil {
		return nil, fmt.Errorf("open the files: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the files: %w", err)
	}
	// What a file is, its row says; a temporary file in the same directory can
	// be renamed wherever that directory is mounted.
	b, err := fileblob.OpenBucket(dir, &fileblob.Options{Metadata: fileblob.MetadataDontWrite, NoTempDir: true, DirFileMode: 0o700})
	if err != nil {
		return nil, fmt.Errorf("open the files: %w", err)
	}
	return &Bucket{b}, nil
}

// Close lets go of the bucket.
func (b *Bucket) Close() error { return b.b.Close() }

// Write stores a file whole or not at all.
func (b *Bucket) Write(ctx context.Context, key, contentType string, data []byte) error {
	if err := b.b.WriteAll(ctx, key, data, &blob.WriterOptions{ContentType: contentType}); err != nil {
		return fmt.Errorf("write the file %s: %w", key, err)
	}
	return nil
}

// Open reads a file; close it. A file that is not there is NotFound.
func (b *Bucket) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	r, err := b.b.NewReader(ctx, key, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, fault.Missing("file")
	}
	if err != nil {
		return nil, fmt.Errorf("read the file %s: %w", key, err)
	}
	return r, nil
}

// Delete deletes a file. One that is not there is deleted already.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	if err := b.b.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("delete the file %s: %w", key, err)
	}
	return nil
}

// DeleteAll deletes all files whose keys begin with prefix.
func (b *Bucket) DeleteAll(ctx context.Context, prefix string) error {
	for it := b.b.List(&blob.ListOptions{Prefix: prefix}); ; {
		o, err := it.Next(ctx)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("list the files %s: %w", prefix, err)
		}
		if err := b.Delete(ctx, o.Key); err != nil {
			return err
		}
	}
}
