-- Tells whether events of this owner's webhooks are still to be sent: not once its API key, or the last of the keys that replaced it, was revoked
-- or has expired. Owners are "key:<id>" or "workspace:<id>".
CREATE FUNCTION webhook_owner_is_live(p_owner text) RETURNS boolean LANGUAGE sql STABLE AS $$
  WITH RECURSIVE chain AS (
    SELECT k.id, k.revoked_at, k.expires_at, k.replaced_by FROM api_key k
    WHERE k.id = CASE WHEN p_owner LIKE 'key:%' THEN substr(p_owner, 5)::uuid END
    UNION
    SELECT k.id, k.revoked_at, k.expires_at, k.replaced_by FROM api_key k JOIN chain c ON k.id = c.replaced_by
  )
  SELECT CASE WHEN p_owner LIKE 'key:%'
    THEN EXISTS (SELECT FROM chain WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp()))
    ELSE true END
$$;
