"""Partner KPIs: Strategic Partner NPS, Partner Advocacy, Partner Influence on Customer Retention."""

__version__ = "0.1.0"
