"""Compare layouts 矩阵对比."""
