"""Writing the ledger: batches, the journal, compaction, erasure, backup."""
