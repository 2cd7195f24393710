DELETE FROM counters WHERE name = 'attachment';
DROP TABLE attachments;
DROP TABLE attachment_previews;
DROP TABLE attachment_pieces;
DROP TABLE attachment_contents;
