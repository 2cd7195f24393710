-- Where a token is sent: in a header of the request, or in its address.
ALTER TABLE api_tokens ADD COLUMN sent_in text NOT NULL DEFAULT 'header';
