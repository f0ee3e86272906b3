// Package org holds organizations, users, members with their roles,
// locations, settings and every credential.
package org
