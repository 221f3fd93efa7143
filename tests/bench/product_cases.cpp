// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernels/kernels.h"
#include "tests/bench/cases.h"

#include <algorithm>
#include <fmt/format.h>

#if QUANTOSCOPE_OPENBLAS
#include <cblas.h>
#endif

namespace qs::bench {

namespace {

constexpr std::size_t kBatches[] = {32, 128, 256};
constexpr std::size_t kSamplesPerProduct = 128; // as core/eval cuts a large batch …
constexpr std::size_t kOutputsPerProduct = 512; // … and the outputs

/// Products of at most `samples` and `outputs` each.
void multiply(const Kernels &kernels, const Product &p, std::size_t batch, std::size_t samples, std::size_t outputs)
{
    for (std::size_t at = 0; at < batch; at += samples) {
        for (std::size_t output = 0; output < p.side; output += outputs) {
            kernels.product(p.x.data() + at * p.side, p.side, p.w.data() + output * p.side, p.side,
                            p.y.data() + at * p.side + output, p.side, std::min(samples, batch - at),
                            std::min(outputs, p.side - output), p.side);
        }
    }
}

#if QUANTOSCOPE_OPENBLAS
void multiplyOpenBlas(const Product &p, std::size_t batch)
{
    const auto m = static_cast<blasint>(batch);
    const auto n = static_cast<blasint>(p.side);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, n, 1, p.x.data(), n, p.w.data(), n, 0, p.y.data(), n);
}
#endif

} // namespace

std::vector<Case> productCases(const Product &product)
{
    std::vector<Case> result;
    for (const std::size_t batch : kBatches) {
        if (batch > product.batch)
            break;
        const std::string whole = fmt::format("product, batch {}", batch);
        const std::string pieces = fmt::format("product, batch {} in pieces", batch);
        std::string roof;
#if QUANTOSCOPE_OPENBLAS
        openblas_set_num_threads(1);
        const double operations = 2.0 * static_cast<double>(batch * product.side * product.side);
        roof = fmt::format("OpenBLAS {}, batch {}", openblas_get_corename(), batch);
        result.push_back({roof, "", "", [&product, batch] { multiplyOpenBlas(product, batch); }, operations});
#endif
        for (const char *level : levels()) {
            const Kernels &kernels = *kernelsForLevel(level);
            result.push_back(
                {whole, level, roof, [&, batch] { multiply(kernels, product, batch, batch, product.side); }});
            result.push_back({pieces, level, roof, [&, batch] {
                                  multiply(kernels, product, batch, kSamplesPerProduct, kOutputsPerProduct);
                              }});
        }
    }
    return result;
}

} // namespace qs::bench
