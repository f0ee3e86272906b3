-- The state in which an order was before anything of it was received, to which
-- it returns when all receipts are gone.
ALTER TABLE purchase ADD COLUMN before_receipts text;
ALTER TABLE production_order ADD COLUMN before_receipts text;
