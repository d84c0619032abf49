"""The judgement: records, an index and a policy in, decisions out; pure."""
