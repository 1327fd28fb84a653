INSERT INTO embedding (asset, backbone, scale, vector) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (asset, backbone) DO UPDATE SET scale = excluded.scale, vector = excluded.vector;
