// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// CodedWeight: values of a weight as another tool forms them, from codes, scales and zero points in tensors of its own.
#pragma once

#include "core/quant/number_grid.h"
#include "core/tensor/coded_values.h"

#include <optional>

namespace qs {

struct CodedNumbers;

/// One operation of the tool's arithmetic. All are done in float32 and rounded to `rounded`, which for f16 and bf16 is
/// what an operation in that type gives.
struct ValueStep {
    enum class Op : std::uint8_t { Add, Subtract, Multiply, Divide };
    Op op = Op::Multiply;
    std::shared_ptr<const CodedNumbers> operand = {}; ///< null: `constant`
    float constant = 1;
    DType rounded = DType::F32;
};

/// Numbers with what is done to them in turn: codes, or scales that are codes themselves.
struct CodedNumbers {
    NumberGrid grid;
    // As an operand: row r and column c of the owner use row r / rowsEach (or what `rowOf` says) and column
    // c / columnsEach. One matrix serves all matrices of the owner.
    std::uint64_t rowsEach = 1;
    std::uint64_t columnsEach = 1;
    std::optional<TensorPart> rowOf =
        {}; ///< whole numbers, one per row of the owner; values are NaN for a row not there
    std::vector<ValueStep> steps = {};
};

class CodedWeight final : public CodedValues
{
public:
    /// `transposed`: the weight has the last two axes of the codes the other way round. Error{Input} when an operand
    /// does not reach over its owner.
    static Result<std::shared_ptr<const CodedValues>> make(CodedNumbers codes, bool transposed);

    Result<void> floats(std::uint64_t first, std::uint64_t count, float *values) const override;

private:
    CodedWeight(CodedNumbers codes, bool transposed);

    Result<void> readTurned(const GridRange &range, float *values) const;

    CodedNumbers m_codes;
    bool m_transposed = false;
    std::uint64_t m_number; ///< of all weights that were ever made
};

} // namespace qs
