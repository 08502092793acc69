"""Quick start 快速开始: three questions to a first answer on one's own numbers."""
