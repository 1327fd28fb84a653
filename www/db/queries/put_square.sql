INSERT INTO square (asset, picture) VALUES (?1, ?2) ON CONFLICT (asset) DO UPDATE SET picture = excluded.picture;
