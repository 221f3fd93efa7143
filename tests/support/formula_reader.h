// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Works out formulas that the program shows: sums and products; what they are made of, each test knows itself.
#pragma once

#include <QString>

#include <cmath>

namespace qs::test {

class FormulaReader
{
public:
    explicit FormulaReader(QString text)
        : m_rest(std::move(text.remove(' ')))
    {}
    virtual ~FormulaReader() = default;

    /// NaN where it is no formula.
    double result()
    {
        const double value = sum();
        return m_rest.isEmpty() ? value : std::nan("");
    }

protected:
    /// What stands between the signs of a sum or a product.
    virtual double operand() = 0;

    bool take(const QString &token)
    {
        if (!m_rest.startsWith(token))
            return false;
        m_rest.remove(0, token.size());
        return true;
    }

    double sum()
    {
        double value = product();
        while (true) {
            if (take("+"))
                value += product();
            else if (take("−"))
                value -= product();
            else
                return value;
        }
    }

    QString m_rest; ///< not read yet, without spaces

private:
    double product()
    {
        double value = operand();
        while (true) {
            if (take("·"))
                value *= operand();
            else if (take("/"))
                value /= operand();
            else
                return value;
        }
    }
};

} // namespace qs::test
