INSERT INTO view (asset, backbone, name, scale, vector) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (asset, backbone, name) DO UPDATE SET scale = excluded.scale, vector = excluded.vector;
