-- As migration 0003 does, in a library that was made of what could be read of an older one: in doubt a person is warned.
UPDATE awaited SET is_maybe_paid = 1 WHERE failure_code IN ('provider_answer_lost', 'provider_timed_out', 'provider_answer_unreadable',
    'provider_unreachable', 'provider_blocked', 'provider_picture_refused', 'provider_request_refused');
