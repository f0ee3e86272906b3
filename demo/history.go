package demo

func (b *business) history(*Credentials) error { return nil }
