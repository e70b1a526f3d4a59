"""City service directories in JSON: Berlin's dialect and Munich's."""
