"""A whole site on one machine: private engines, a seeded company site, workers, an outbox and a vendor's origin."""
